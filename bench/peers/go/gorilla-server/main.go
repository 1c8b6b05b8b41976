// An echo server by gorilla/websocket: --port N --deflate off|no-takeover|takeover
package main

import (
	"flag"
	"fmt"
	"net/http"
	"os"

	"github.com/gorilla/websocket"
)

const maxMessage = 64 << 20

func main() {
	port := flag.Int("port", 9001, "on the loopback")
	deflate := flag.String("deflate", "off", "off or no-takeover")
	flag.Parse()
	if *deflate == "takeover" {
		fmt.Fprintln(os.Stderr, "unsupported: context takeover")
		os.Exit(3)
	}
	upgrader := websocket.Upgrader{
		EnableCompression: *deflate != "off",
		CheckOrigin:       func(*http.Request) bool { return true },
	}
	serve := func(answer http.ResponseWriter, request *http.Request) {
		socket, err := upgrader.Upgrade(answer, request, nil)
		if err != nil {
			return // It has answered.
		}
		defer socket.Close()
		echo(socket)
	}
	err := http.ListenAndServe(fmt.Sprintf("127.0.0.1:%d", *port), http.HandlerFunc(serve))
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func echo(socket *websocket.Conn) {
	socket.SetReadLimit(maxMessage)
	for {
		kind, message, err := socket.ReadMessage()
		if err != nil || socket.WriteMessage(kind, message) != nil {
			return
		}
	}
}
