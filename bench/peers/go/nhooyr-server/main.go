// An echo server by nhooyr.io/websocket: --port N --deflate off|no-takeover|takeover
package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"

	"nhooyr.io/websocket"
)

const maxMessage = 64 << 20

func main() {
	port := flag.Int("port", 9001, "on the loopback")
	deflate := flag.String("deflate", "off", "off, no-takeover or takeover")
	flag.Parse()
	modes := map[string]websocket.CompressionMode{
		"off":         websocket.CompressionDisabled,
		"no-takeover": websocket.CompressionNoContextTakeover,
		"takeover":    websocket.CompressionContextTakeover,
	}
	options := websocket.AcceptOptions{
		CompressionMode:      modes[*deflate],
		CompressionThreshold: 1,
		InsecureSkipVerify:   true,
	}
	serve := func(answer http.ResponseWriter, request *http.Request) {
		socket, err := websocket.Accept(answer, request, &options)
		if err != nil {
			return // It has answered.
		}
		defer socket.Close(websocket.StatusInternalError, "")
		echo(socket)
	}
	err := http.ListenAndServe(fmt.Sprintf("127.0.0.1:%d", *port), http.HandlerFunc(serve))
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func echo(socket *websocket.Conn) {
	socket.SetReadLimit(maxMessage)
	for {
		kind, message, err := socket.Read(context.Background())
		if err != nil || socket.Write(context.Background(), kind, message) != nil {
			return
		}
	}
}
