package org.fazaa.notifier.carrier.simulated;

import java.time.Instant;
import java.util.List;
import org.fazaa.notifier.Text;

/** The people behind simulated phones: who does what, and when, about a text. */
public interface Crowd {
  List<Reaction> onText(Text text, Instant now);
}
