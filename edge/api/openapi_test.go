package api_test

import (
	"bytes"
	"os"
	"testing"

	"shopbox/edge/api"
)

func TestTheDescriptionIsFresh(t *testing.T) {
	t.Parallel()
	kept, err := os.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	made, err := api.Document()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(kept, made) {
		t.Error("openapi.yaml is stale: run make gen")
	}
}
