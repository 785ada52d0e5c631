package org.fazaa.dispatcher.rehearsal;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.fazaa.dispatcher.rehearsal.Answers.Intent;
import org.fazaa.dispatcher.rehearsal.Happened.Texts;

/** What the people of a sketch say. */
interface Voices {

  /**
   * What somebody is going to say.
   *
   * @param after so much time
   * @param turn who speaks first of those who speak in the same second
   */
  record Said(Intent intent, Duration after, long turn) {}

  /** They were asked just now; nothing when they stay silent. */
  Optional<Said> asked(SketchOffer offer, Instant now);

  /** They were told about an offer: where to go, or that they are not needed. */
  Told told(SketchOffer offer, Truth.Notice notice, Instant now);

  /**
   * What comes of telling somebody.
   *
   * @param silenced what they were going to say about the offer is not said any more
   */
  record Told(boolean silenced, Optional<Said> says) {
    static final Told NOTHING = new Told(false, Optional.empty());
  }

  /** What was sent to ask for a need, and what came of it on the way. */
  Texts texts(SketchNeed need);

  /** Whether they meant to say yes when they were asked. */
  boolean wasWilling(SketchOffer offer);

  Duration travel(SketchOffer offer);

  /** Whether they come if they promise to. */
  boolean comes(SketchOffer offer);
}
