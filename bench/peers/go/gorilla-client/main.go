// A client of an Autobahn server by gorilla/websocket: --agent NAME --deflate off|no-takeover URL
package main

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

const maxMessage = 64 << 20

func main() {
	agent := flag.String("agent", "gorilla", "the name to report")
	deflate := flag.String("deflate", "off", "off or no-takeover")
	flag.CommandLine.Parse(flagsFirst(os.Args[1:]))
	if *deflate == "takeover" {
		fmt.Fprintln(os.Stderr, "unsupported: context takeover")
		os.Exit(3)
	}
	url := "ws://127.0.0.1:9001"
	if flag.NArg() > 0 {
		url = strings.TrimSuffix(flag.Arg(0), "/")
	}
	dialer := websocket.Dialer{EnableCompression: *deflate != "off"}
	count, err := strconv.Atoi(first(dialer, url+"/getCaseCount"))
	if err != nil {
		fmt.Fprintln(os.Stderr, url, "tells no number of cases")
		os.Exit(1)
	}
	for number := 1; number <= count; number++ {
		echo(dialer, fmt.Sprintf("%s/runCase?case=%d&agent=%s", url, number, *agent))
	}
	echo(dialer, url+"/updateReports?agent="+*agent)
}

// The package flag stops at the first word that is none: the URL may come anywhere.
func flagsFirst(words []string) []string {
	var flags, others []string
	for len(words) > 0 {
		take := 1
		if strings.HasPrefix(words[0], "-") && len(words) > 1 {
			take = 2
		}
		if strings.HasPrefix(words[0], "-") {
			flags = append(flags, words[:take]...)
		} else {
			others = append(others, words[0])
		}
		words = words[take:]
	}
	return append(flags, others...)
}

func open(dialer websocket.Dialer, url string) *websocket.Conn {
	socket, _, err := dialer.Dial(url, nil)
	if err != nil {
		return nil
	}
	socket.SetReadLimit(maxMessage)
	socket.SetReadDeadline(time.Now().Add(2 * time.Minute))
	return socket
}

func first(dialer websocket.Dialer, url string) string {
	socket := open(dialer, url)
	if socket == nil {
		return ""
	}
	defer socket.Close()
	_, message, err := socket.ReadMessage()
	if err != nil {
		return ""
	}
	farewell := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	socket.WriteControl(websocket.CloseMessage, farewell, time.Now().Add(time.Second))
	return string(message)
}

func echo(dialer websocket.Dialer, url string) {
	socket := open(dialer, url)
	if socket == nil {
		return
	}
	defer socket.Close()
	for {
		kind, message, err := socket.ReadMessage()
		if err != nil || socket.WriteMessage(kind, message) != nil {
			return
		}
	}
}
