package org.fazaa.notifier.carrier;

import org.fazaa.notifier.TextState;

/** What a carrier says when it is asked about a text whose POST had no answer. */
public sealed interface Trace {
  record Found(String sid, TextState state) implements Trace {}

  record Absent() implements Trace {}

  /** The question had no answer either. */
  record Unclear(String why) implements Trace {}
}
