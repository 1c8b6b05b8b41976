/* An echo server by libwebsockets: --port N --deflate off|no-takeover|takeover */
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_MESSAGE (64u << 20)

/* The message of a connection: collected, then written. Nothing is read meanwhile. */
struct session {
	unsigned char *bytes; /* LWS_PRE free bytes, then the payload */
	size_t length, capacity;
	enum lws_write_protocol kind;
	int complete;
};

static int append(struct session *session, const void *bytes, size_t length)
{
	size_t needed = LWS_PRE + session->length + length;

	if (session->length + length > MAX_MESSAGE)
		return -1;
	if (needed > session->capacity) {
		size_t capacity = needed * 2;
		unsigned char *larger = realloc(session->bytes, capacity);
		if (!larger)
			return -1;
		session->bytes = larger;
		session->capacity = capacity;
	}
	memcpy(session->bytes + LWS_PRE + session->length, bytes, length);
	session->length += length;
	return 0;
}

static int received(struct lws *wsi, struct session *session, const void *bytes, size_t length)
{
	if (lws_is_first_fragment(wsi)) {
		session->length = 0;
		session->kind = lws_frame_is_binary(wsi) ? LWS_WRITE_BINARY : LWS_WRITE_TEXT;
	}
	if (append(session, bytes, length)) {
		lws_close_reason(wsi, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE, NULL, 0);
		return -1;
	}
	if (lws_is_final_fragment(wsi)) {
		session->complete = 1;
		lws_rx_flow_control(wsi, 0);
		lws_callback_on_writable(wsi);
	}
	return 0;
}

static int writable(struct lws *wsi, struct session *session)
{
	unsigned char none[LWS_PRE];
	unsigned char *start = session->bytes ? session->bytes : none;

	if (!session->complete)
		return 0;
	session->complete = 0;
	if (lws_write(wsi, start + LWS_PRE, session->length, session->kind) < (int)session->length)
		return -1;
	lws_rx_flow_control(wsi, 1);
	return 0;
}

static int echo(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	struct session *session = user;

	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		memset(session, 0, sizeof *session);
		return 0;
	case LWS_CALLBACK_RECEIVE:
		return received(wsi, session, in, length);
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return writable(wsi, session);
	case LWS_CALLBACK_CLOSED:
		free(session->bytes);
		session->bytes = NULL;
		return 0;
	default:
		return lws_callback_http_dummy(wsi, reason, user, in, length);
	}
}

static const struct lws_protocols protocols[] = {
	{ "echo", echo, sizeof(struct session), 64 << 10, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 },
};

static const struct lws_extension takeover[] = {
	{ "permessage-deflate", lws_extension_callback_pm_deflate, "permessage-deflate; client_max_window_bits" },
	{ NULL, NULL, NULL },
};

static const struct lws_extension no_takeover[] = {
	{ "permessage-deflate", lws_extension_callback_pm_deflate,
	  "permessage-deflate; client_no_context_takeover; server_no_context_takeover; client_max_window_bits" },
	{ NULL, NULL, NULL },
};

static int wrong(const char *word)
{
	fprintf(stderr, "not understood: %s\n", word);
	return 2;
}

int main(int count, char **words)
{
	struct lws_context_creation_info info = {
		.port = 9001,
		.iface = "127.0.0.1",
		.protocols = protocols,
		.options = LWS_SERVER_OPTION_VALIDATE_UTF8,
		.gid = -1,
		.uid = -1,
	};

	for (int at = 1; at < count; at += 2) {
		const char *value = at + 1 < count ? words[at + 1] : "";
		if (!strcmp(words[at], "--port"))
			info.port = atoi(value);
		else if (strcmp(words[at], "--deflate"))
			return wrong(words[at]);
		else if (!strcmp(value, "takeover"))
			info.extensions = takeover;
		else if (!strcmp(value, "no-takeover"))
			info.extensions = no_takeover;
		else if (strcmp(value, "off"))
			return wrong(value);
	}
	lws_set_log_level(LLL_ERR, NULL);
	struct lws_context *context = lws_create_context(&info);
	if (!context)
		return 1;
	while (lws_service(context, 0) >= 0)
		;
	lws_context_destroy(context);
	return 1;
}
