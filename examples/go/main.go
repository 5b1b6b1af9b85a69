// A Go application that Cardea keeps the door of.
package main

import (
	"context"
	"fmt"
	"html"
	"io"
	"log"
	"net/http"
	"os"
	"time"
)

var cardea = valueOr("CARDEA_URL", "http://localhost:8025")

// Redirects are for the browser.
var client = http.Client{
	Timeout:       5 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

type userKey struct{}

// signedIn asks who is there. Browsers of nobody are sent to sign in, and come back.
func signedIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		question, err := http.NewRequestWithContext(r.Context(), "GET", cardea+"/v1/forward-auth", nil)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		for _, name := range []string{"Accept", "Cookie", "Sec-Fetch-Dest"} {
			question.Header[name] = r.Header[name]
		}
		scheme := "http"
		if r.TLS != nil {
			scheme = "https"
		}
		question.Header.Set("X-Forwarded-Method", r.Method)
		question.Header.Set("X-Forwarded-Proto", scheme)
		question.Header.Set("X-Forwarded-Host", r.Host)
		question.Header.Set("X-Forwarded-Uri", r.URL.RequestURI())
		answer, err := client.Do(question)
		if err != nil {
			http.Error(w, "Nobody can sign in now. Try again.", http.StatusServiceUnavailable)
			return
		}
		defer answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			for _, name := range []string{"Content-Type", "Location", "Set-Cookie"} {
				w.Header()[name] = answer.Header[name]
			}
			w.WriteHeader(answer.StatusCode)
			io.Copy(w, answer.Body)
			return
		}
		user := answer.Header.Get("Remote-User")
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), userKey{}, user)))
	})
}

func valueOr(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}

func page(w http.ResponseWriter, format string, values ...any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, format, values...)
}

func main() {
	guarded := http.NewServeMux()
	guarded.HandleFunc("/notes", func(w http.ResponseWriter, r *http.Request) {
		user, _ := r.Context().Value(userKey{}).(string)
		page(w, `<h1>Notes of %s</h1><a href="%s/signout">Sign out</a>`, html.EscapeString(user), cardea)
	})
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			signedIn(guarded).ServeHTTP(w, r)
			return
		}
		page(w, `<h1>Welcome</h1><a href="/notes">Your notes</a>`) // for everybody
	})
	log.Fatal(http.ListenAndServe("localhost:"+valueOr("PORT", "3000"), nil))
}
