package protocol

import "strings"

// Channel is the last part of a topic.
type Channel string

// The channels of a box. Events, Reported and Replies go up; the others down.
const (
	Events   Channel = "events"
	Acks     Channel = "acks"
	Desired  Channel = "desired"
	Reported Channel = "reported"
	Commands Channel = "commands"
	Replies  Channel = "replies"
)

const topicPrefix = "shopbox/v1/"

// Up reports whether a box publishes on the channel; it subscribes to the
// others.
func (c Channel) Up() bool { return c == Events || c == Reported || c == Replies }

// Down reports whether a box subscribes to the channel.
func (c Channel) Down() bool { return c == Acks || c == Desired || c == Commands }

// Topic is the MQTT topic of a box's channel.
func Topic(box string, channel Channel) string {
	return topicPrefix + box + "/" + string(channel)
}

// ParseTopic takes a topic apart; ok is false when it is not one of ours.
func ParseTopic(topic string) (box string, channel Channel, ok bool) {
	rest, found := strings.CutPrefix(topic, topicPrefix)
	if !found {
		return "", "", false
	}
	box, last, found := strings.Cut(rest, "/")
	channel = Channel(last)
	if !found || box == "" || strings.ContainsAny(box, "+#") || !channel.Up() && !channel.Down() {
		return "", "", false
	}
	return box, channel, true
}
