package soap

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"strings"
)

// What a message may cost at most. A package of 100 documents of 99 lines
// stays under 20 MiB.
const (
	MaxContent  = 32 << 20 // bytes of the HTTP body
	maxEnvelope = 64 << 10 // bytes of the first part
	maxParts    = 2
	maxID       = 256 // bytes of a Content-ID
)

// part is one part of a message.
type part struct {
	id      string // Content-ID without brackets
	content []byte
}

// unpack takes a message's HTTP body apart. The first part, or the one the
// start parameter names, is the envelope. Some answers are plain XML.
func unpack(contentType string, content []byte) (envelope []byte, attachment *part, err error) {
	if len(content) > MaxContent {
		return nil, nil, &Error{Code: CodeTooLarge, Element: "message", Detail: "it is larger than 32 MiB"}
	}
	media, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil, nil, badMIME("Content-Type", err)
	}
	var parts []part
	switch media {
	case "text/xml", "application/xml", "application/soap+xml":
		parts = []part{{content: content}}
	case "multipart/related":
		if parts, err = readParts(content, parameters["boundary"]); err != nil {
			return nil, nil, err
		}
	default:
		return nil, nil, badMIME("Content-Type", errors.New("it is neither multipart/related nor XML"))
	}
	return arrange(parts, bareID(parameters["start"]))
}

func arrange(parts []part, start string) (envelope []byte, attachment *part, err error) {
	first := 0
	for i := range parts {
		if start != "" && parts[i].id == start {
			first = i
		}
	}
	if len(parts) == 2 {
		attachment = &parts[1-first]
	}
	if len(parts[first].content) > maxEnvelope {
		return nil, nil, &Error{Code: CodeTooLarge, Element: "envelope", Detail: "it is larger than 64 KiB"}
	}
	return parts[first].content, attachment, nil
}

func readParts(content []byte, boundary string) ([]part, error) {
	if boundary == "" {
		return nil, badMIME("Content-Type", errors.New("there is no boundary"))
	}
	reader := multipart.NewReader(bytes.NewReader(content), boundary)
	var parts []part
	for {
		next, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, badMIME("part", err)
		}
		if len(parts) == maxParts {
			return nil, &Error{Code: CodeParts, Element: "message", Detail: "there are more than two parts"}
		}
		read, err := readPart(next)
		if err != nil {
			return nil, err
		}
		parts = append(parts, read)
	}
	if len(parts) == 0 {
		return nil, &Error{Code: CodeParts, Element: "message", Detail: "there is no part"}
	}
	return parts, nil
}

func readPart(p *multipart.Part) (part, error) {
	content, err := io.ReadAll(p)
	if err != nil {
		return part{}, badMIME("part", err)
	}
	content, err = decodePart(p.Header.Get("Content-Transfer-Encoding"), content)
	id := bareID(p.Header.Get("Content-ID"))
	if err == nil && len(id) > maxID {
		err = badMIME("Content-ID", errors.New("it is too long"))
	}
	return part{id: id, content: content}, err
}

// decodePart undoes the transfer encoding. The signature covers the bytes
// behind it.
func decodePart(encoding string, content []byte) ([]byte, error) {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "", "binary", "8bit", "7bit":
		return content, nil
	case "base64":
		raw, err := base64.StdEncoding.DecodeString(string(bytes.Join(bytes.Fields(content), nil)))
		if err != nil {
			return nil, badMIME("part", errors.New("it is not base64"))
		}
		return raw, nil
	}
	return nil, badMIME("Content-Transfer-Encoding", errors.New("it is neither binary nor base64"))
}

func bareID(id string) string {
	id = strings.TrimSpace(id)
	return strings.TrimSuffix(strings.TrimPrefix(id, "<"), ">")
}

func badMIME(where string, err error) error {
	return &Error{Code: CodeMIME, Element: where, Detail: err.Error()}
}
