// Reads a token a line, and says of each "ok SUBJECT" or "refused WHY". What is between the marks is in docs/tokens.md.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
)

var issuer, audience = os.Getenv("ISSUER"), os.Getenv("AUDIENCE")

// docs {
func newVerifier(ctx context.Context) (func(string) (*jwt.Token, error), error) {
	keys, err := keyfunc.NewDefaultCtx(ctx, []string{issuer + "/.well-known/jwks.json"})
	if err != nil {
		return nil, err
	}
	parser := jwt.NewParser(jwt.WithIssuer(issuer), jwt.WithAudience(audience), jwt.WithExpirationRequired(),
		jwt.WithValidMethods([]string{"ES256"}))
	return func(token string) (*jwt.Token, error) { return parser.Parse(token, keys.Keyfunc) }, nil
}

// docs }

func main() {
	verify, err := newVerifier(context.Background())
	if err != nil {
		panic(err)
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		token, err := verify(lines.Text())
		if err != nil {
			fmt.Println("refused", err)
			continue
		}
		subject, _ := token.Claims.GetSubject()
		fmt.Println("ok", subject)
	}
}
