package simulator_test

import (
	"slices"
	"testing"

	"shopbox/hub/invoice/simulator"
)

func TestParseFaults(t *testing.T) {
	got, err := simulator.ParseFaults(" submit.silent_after:2, ask.delay=1.5s,submit.refuse=ERR042 ,")
	want := []simulator.Fault{
		{Point: simulator.AtSubmit, Name: simulator.SilentAfter, Times: 2},
		{Point: simulator.AtAsk, Name: simulator.Delay, Value: "1.5s"},
		{Point: simulator.AtSubmit, Name: simulator.RefuseAll, Value: "ERR042"},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, bad := range []string{
		"silent_after", "submit.other", "post.refuse=ERR042", "submit.refuse", "submit.garbage=1", "ask.delay=soon",
		"submit.garbage:x", "other.garbage", "submit.garbage:99999",
	} {
		if list, err := simulator.ParseFaults(bad); err == nil {
			t.Errorf("%q: %+v", bad, list)
		}
	}
}
