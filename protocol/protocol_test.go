package protocol_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"shopbox/protocol"
)

const box = "0193a5c8-7f00-7000-8000-0123456789ab"

func at() time.Time {
	return time.Date(2026, 11, 23, 14, 5, 6, 789_000_000, time.FixedZone("KST", 9*60*60))
}

func TestTopicRoundTrip(t *testing.T) {
	t.Parallel()
	for _, channel := range []protocol.Channel{
		protocol.Events, protocol.Acks, protocol.Desired, protocol.Reported, protocol.Commands, protocol.Replies,
	} {
		topic := protocol.Topic(box, channel)
		gotBox, gotChannel, ok := protocol.ParseTopic(topic)
		if !ok || gotBox != box || gotChannel != channel {
			t.Errorf("%s is %q, %q, %v", topic, gotBox, gotChannel, ok)
		}
		if channel.Up() == channel.Down() {
			t.Errorf("%s goes both ways or none", channel)
		}
	}
	if protocol.Topic(box, protocol.Events) != "shopbox/v1/"+box+"/events" {
		t.Error("the topic changed; boxes in the field speak the old one")
	}
}

func TestParseTopicRefuses(t *testing.T) {
	t.Parallel()
	for _, topic := range []string{
		"", "shopbox/v1/", "shopbox/v1/box", "shopbox/v1/box/", "shopbox/v1//events", "shopbox/v2/box/events",
		"shopbox/v1/box/events/more", "shopbox/v1/+/events", "shopbox/v1/#", "shopbox/v1/box#/acks", "/shopbox/v1/box/acks",
		"shopbox/v1/box/secrets", "$share/g/shopbox/v1/box/events",
	} {
		if gotBox, channel, ok := protocol.ParseTopic(topic); ok || gotBox != "" || channel != "" {
			t.Errorf("%q is %q, %q, %v", topic, gotBox, channel, ok)
		}
	}
}

func FuzzParseTopic(f *testing.F) {
	for _, seed := range []string{"shopbox/v1/box/events", "shopbox/v1/+/#", "shopbox/v1/a/b/acks", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, topic string) {
		box, channel, ok := protocol.ParseTopic(topic)
		if ok && protocol.Topic(box, channel) != topic {
			t.Errorf("%q is %q and %q", topic, box, channel)
		}
	})
}

func TestAckRoundTrip(t *testing.T) {
	t.Parallel()
	for _, ack := range []protocol.Ack{
		{},
		{Through: 42},
		{Through: 42, Rejects: []protocol.Reject{{Sequence: 7, Code: "data_malformed"}}},
		{Through: 42, Batch: "too_large"},
	} {
		payload, err := json.Marshal(ack)
		if err != nil {
			t.Fatal(err)
		}
		got, err := protocol.ParseAck(payload)
		if err != nil || got.Through != ack.Through || got.Batch != ack.Batch || len(got.Rejects) != len(ack.Rejects) {
			t.Errorf("%s gives %+v, %v", payload, got, err)
		}
	}
}

func TestParseAckRefuses(t *testing.T) {
	t.Parallel()
	for _, payload := range []string{
		"", "null", "{}", "[]", "7", `{"through":-1}`, `{"through":"7"}`, `{"through":1.5}`, `{"through":null}`,
		`{"through":1,"rejects":7}`, `{"through":99999999999999999999}`, `{"through":1} x`,
	} {
		if got, err := protocol.ParseAck([]byte(payload)); !errors.Is(err, protocol.ErrAck) {
			t.Errorf("%s gives %+v, %v", payload, got, err)
		}
	}
	if got, err := protocol.ParseAck([]byte(`{"through":1,"later":true}`)); err != nil || got.Through != 1 {
		t.Errorf("a field of a later release: %+v, %v", got, err)
	}
}

func FuzzParseAck(f *testing.F) {
	for _, seed := range []string{`{"through":42,"rejects":[{"sequence":7,"code":"x"}]}`, `{"through":0}`, "null", "{"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		ack, err := protocol.ParseAck(payload)
		if err == nil && ack.Through < 0 {
			t.Errorf("%q gives %+v", payload, ack)
		}
	})
}

func TestEventCheck(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		spoil func(*protocol.Event)
		want  error
	}{
		"good":           {func(*protocol.Event) {}, nil},
		"later type":     {func(e *protocol.Event) { e.Type = "shopbox.later.v9" }, nil},
		"version":        {func(e *protocol.Event) { e.SpecVersion = "0.3" }, protocol.ErrEvent},
		"other box":      {func(e *protocol.Event) { e.Source = "/boxes/other" }, protocol.ErrEvent},
		"other box's id": {func(e *protocol.Event) { e.ID = "other/7" }, protocol.ErrEvent},
		"other number":   {func(e *protocol.Event) { e.ID = box + "/8" }, protocol.ErrEvent},
		"padded id":      {func(e *protocol.Event) { e.ID = box + "/07" }, protocol.ErrEvent},
		"no number":      {func(e *protocol.Event) { e.Sequence, e.ID = 0, box+"/0" }, protocol.ErrEvent},
		"no type":        {func(e *protocol.Event) { e.Type = "" }, protocol.ErrEvent},
		"no time":        {func(e *protocol.Event) { e.Time = time.Time{} }, protocol.ErrEvent},
	} {
		event, err := protocol.NewEvent(box, 7, at(), protocol.DayOpened{Day: "2026-11-23"})
		if err != nil {
			t.Fatal(err)
		}
		tt.spoil(&event)
		if err := event.Check(box); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
		if name == "good" && event.Box() != box {
			t.Errorf("box %q", event.Box())
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	for _, data := range []string{"", "null", " null", "[]", "7", `"x"`, "{", `{"float":"much"}`, `{"float":1.5}`} {
		event := protocol.Wrap(box, 1, at(), protocol.TypeDayOpened, []byte(data))
		var day protocol.DayOpened
		if err := event.Decode(&day); !errors.Is(err, protocol.ErrData) {
			t.Errorf("%q gives %+v, %v", data, day, err)
		}
	}
	event := protocol.Wrap(box, 1, at(), protocol.TypeDayOpened, []byte("{}"))
	if err := event.Decode(&protocol.DayClosed{}); !errors.Is(err, protocol.ErrData) {
		t.Errorf("another type: %v", err)
	}
}

func TestNewEventOfWhatCannotBeWritten(t *testing.T) {
	t.Parallel()
	if _, err := protocol.NewEvent(box, 1, at(), unwritable{}); err == nil {
		t.Error("an event out of nothing")
	}
}

type unwritable struct{ Pipe chan int }

func (unwritable) RecordType() string { return "shopbox.unwritable.v1" }

func TestSequenceText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]protocol.Sequence{
		"000000000001": 1, "000000012345": 12345, "1": 1, "9223372036854775807": 1<<63 - 1,
	} {
		var got protocol.Sequence
		if err := got.UnmarshalText([]byte(text)); err != nil || got != want {
			t.Errorf("%q is %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "0", "-1", "1.5", "x", "9223372036854775808"} {
		var got protocol.Sequence
		if err := got.UnmarshalText([]byte(text)); !errors.Is(err, protocol.ErrEvent) {
			t.Errorf("%q: %v", text, err)
		}
	}
	small, _ := protocol.Sequence(99).MarshalText()
	large, _ := protocol.Sequence(100).MarshalText()
	if string(small) != "000000000099" || string(small) >= string(large) {
		t.Errorf("%s and %s", small, large)
	}
}

func TestParseBoxStatus(t *testing.T) {
	t.Parallel()
	got, err := protocol.ParseBoxStatus([]byte(`{"version":"1.0.0","unsent":3,"started_at":"2026-11-23T14:05:06+09:00","later":1}`))
	if err != nil || got.Unsent != 3 || got.Version != "1.0.0" {
		t.Errorf("%+v, %v", got, err)
	}
	for name, payload := range map[string][]byte{
		"nothing": nil, "negative": []byte(`{"unsent":-1}`), "large": make([]byte, protocol.MaxReportedBytes+1),
		"long version": []byte(`{"version":"` + string(make([]byte, 65)) + `"}`),
	} {
		if got, err := protocol.ParseBoxStatus(payload); err == nil {
			t.Errorf("%s gives %+v", name, got)
		}
	}
}

func FuzzParseBoxStatus(f *testing.F) {
	f.Add([]byte(`{"version":"1.0.0","unsent":3,"oldest_unsent":"2026-11-23T14:05:06Z"}`))
	f.Add([]byte("null"))
	f.Fuzz(func(t *testing.T, payload []byte) {
		if status, err := protocol.ParseBoxStatus(payload); err == nil && status.Unsent < 0 {
			t.Errorf("%q gives %+v", payload, status)
		}
	})
}
