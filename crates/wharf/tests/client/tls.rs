//! TLS: who is trusted, who is not, and what goes over the wire before the request.
