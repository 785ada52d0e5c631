package org.fazaa.config;

/**
 * A read-only question that any node able to answer may take from the bus. Commands never travel
 * this way: they are function calls inside a transaction.
 */
public sealed interface Question {
  /** Who could be asked for this need, best first, at most {@code limit} people. */
  record Candidates(long need, int limit) implements Question {}

  /** What every rule says about asking this volunteer for this need. */
  record Suitability(long need, long volunteer) implements Question {}

  /** What an envelope of this many texts would give for this need. */
  record Forecast(long need, int texts) implements Question {}

  /** Whether the asked node is alive and reaches its database. */
  record Health() implements Question {}
}
