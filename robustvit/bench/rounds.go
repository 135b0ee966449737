package bench

import "slices"

// Round is what both sides took in one round, in milliseconds for one unit.
type Round struct {
	Ours float64 `json:"ours_ms"`
	Peer float64 `json:"peer_ms,omitempty"`
}

// alternate runs n rounds. The sides take turns in going first, so that neither
// always meets what the other leaves. Peer may be nil.
func alternate(n int, ours, peer func() (float64, error)) (rounds []Round, err error) {
	for i := range n {
		var r Round
		turns := []struct {
			side func() (float64, error)
			to   *float64
		}{{ours, &r.Ours}, {peer, &r.Peer}}
		if i%2 == 1 {
			slices.Reverse(turns)
		}
		for _, turn := range turns {
			if turn.side == nil {
				continue
			}
			if *turn.to, err = turn.side(); err != nil {
				return nil, err
			}
		}
		rounds = append(rounds, r)
	}
	return rounds, nil
}

// summarise fills the medians: of both times and, which is not their quotient,
// of the ratios of the rounds, with the least and the largest of these.
func (r *Result) summarise() {
	ours, peer, ratios := []float64{}, []float64{}, []float64{}
	for _, round := range r.Rounds {
		ours, peer = append(ours, round.Ours), append(peer, round.Peer)
		if round.Peer > 0 {
			ratios = append(ratios, round.Ours/round.Peer)
		}
	}
	r.OursMS, r.PeerMS = median(ours), median(peer)
	if len(ratios) > 0 {
		r.Ratio, r.Low, r.High = median(ratios), slices.Min(ratios), slices.Max(ratios)
	}
}

// median is the middle value, or the mean of the middle two; 0 of none.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}
