// Reads a token a line, and says of each "ok SUBJECT" or "refused WHY". What is between the marks is in docs/tokens.md.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"

	"github.com/coreos/go-oidc/v3/oidc"
)

var issuer, audience = os.Getenv("ISSUER"), os.Getenv("AUDIENCE")

// docs {
func newVerifier(ctx context.Context) *oidc.IDTokenVerifier {
	server := oidc.ProviderConfig{
		IssuerURL: issuer, JWKSURL: issuer + "/.well-known/jwks.json", Algorithms: []string{oidc.ES256},
	}
	return server.NewProvider(ctx).Verifier(&oidc.Config{ClientID: audience})
}

// docs }

func main() {
	verifier := newVerifier(context.Background())
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		token, err := verifier.Verify(context.Background(), lines.Text())
		if err != nil {
			fmt.Println("refused", err)
			continue
		}
		fmt.Println("ok", token.Subject)
	}
}
