package rig

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"time"
)

// Client talks to a program's HTTP door as a browser would: with its cookies.
type Client struct {
	base    string
	http    *http.Client
	headers map[string]string
}

// CallError is an answer that is not a success.
type CallError struct {
	Method, Path string
	Status       int
	Code         string `json:"code"`
	Body         string
}

// Error tells the call and the answer.
func (f *CallError) Error() string {
	return fmt.Sprintf("%s %s: %d %s %s", f.Method, f.Path, f.Status, f.Code, f.Body)
}

const callWithin = 30 * time.Second

// NewClient is a browser without cookies yet.
func NewClient(base string) (*Client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, fmt.Errorf("cookie jar: %w", err)
	}
	return &Client{
		base: strings.TrimSuffix(base, "/"),
		http: &http.Client{Jar: jar, Timeout: callWithin},
		// The box wants this header on every change, so that no foreign page
		// can make one.
		headers: map[string]string{"X-Shopbox": "1"},
	}, nil
}

// Base is the address of the program.
func (c *Client) Base() string { return c.base }

// Header sends a header with every call from now on.
func (c *Client) Header(name, value string) { c.headers[name] = value }

// Get reads a JSON answer.
func (c *Client) Get(ctx context.Context, path string, into any) error {
	return c.Call(ctx, http.MethodGet, path, nil, into)
}

// Post sends JSON and reads a JSON answer; both may be nil.
func (c *Client) Post(ctx context.Context, path string, body, into any) error {
	return c.Call(ctx, http.MethodPost, path, body, into)
}

// Call sends JSON and reads a JSON answer. An answer that is not a success is
// a *CallError.
func (c *Client) Call(ctx context.Context, method, path string, body, into any) error {
	var text io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("%s %s: %w", method, path, err)
		}
		text = bytes.NewReader(encoded)
	}
	return c.send(ctx, method, path, "application/json", text, into)
}

// Upload sends a file as a form does.
func (c *Client) Upload(ctx context.Context, path, name string, content []byte, into any) error {
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	part, err := writer.CreateFormFile("file", name)
	if err != nil {
		return fmt.Errorf("upload %s: %w", name, err)
	}
	if _, err := part.Write(content); err != nil {
		return fmt.Errorf("upload %s: %w", name, err)
	}
	if err := writer.Close(); err != nil {
		return fmt.Errorf("upload %s: %w", name, err)
	}
	return c.send(ctx, http.MethodPost, path, writer.FormDataContentType(), &form, into)
}

func (c *Client) send(ctx context.Context, method, path, contentType string, body io.Reader, into any) error {
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	request.Header.Set("Content-Type", contentType)
	for name, value := range c.headers {
		request.Header.Set(name, value)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if response.StatusCode >= 300 {
		failure := &CallError{Method: method, Path: path, Status: response.StatusCode, Body: string(answer)}
		_ = json.Unmarshal(answer, failure)
		return failure
	}
	if into == nil || len(answer) == 0 {
		return nil
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	return nil
}
