package org.fazaa.dispatcher.rehearsal;

import java.time.Instant;
import org.fazaa.dispatcher.people.Point;

/**
 * Something that once happened: when, of what kind, how many people it took, where.
 *
 * @param line where it stands in its file
 */
record Incident(long line, Instant at, String kind, int people, Point place) {}
