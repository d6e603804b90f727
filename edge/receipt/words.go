package receipt

import (
	"embed"
	"encoding/json"
	"fmt"
)

//go:embed locales
var locales embed.FS

// Renderer makes slips in every language it has words for. It is a value that
// never changes; any number of goroutines may use it.
type Renderer struct {
	words map[Language]words
}

// words are the texts of one language by key.
type words map[string]string

// New reads the words.
func New() (*Renderer, error) {
	renderer := &Renderer{words: make(map[Language]words)}
	for _, language := range []Language{Korean, English} {
		text, err := locales.ReadFile("locales/" + string(language) + ".json")
		if err != nil {
			return nil, fmt.Errorf("words: %w", err)
		}
		var known words
		if err := json.Unmarshal(text, &known); err != nil {
			return nil, fmt.Errorf("words of %s: %w", language, err)
		}
		renderer.words[language] = known
	}
	return renderer, nil
}

// in is the words of a language, Korean for one that is not known.
func (r *Renderer) in(language Language) words {
	if known, ok := r.words[language]; ok {
		return known
	}
	return r.words[Korean]
}
