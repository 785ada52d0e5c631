package org.fazaa.dispatcher.callout;

import java.util.Optional;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.Title;

/**
 * An offer with its need, as {@link Held} holds them; and what else the person has promised to do
 * then.
 *
 * @param stopped whether they have said stop, so that no text reaches them
 * @param lacking whether they lack a skill, because the need or they have changed since
 */
public record Asked(
    Need need, Offer offer, boolean stopped, boolean lacking, Optional<Elsewhere> elsewhere) {

  /** A place that the same person has in another need at the same time. */
  public record Elsewhere(Title title, String code) {}
}
