package org.fazaa.dispatcher.rehearsal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;

/**
 * All that happened in a rehearsal, however it was played. People and needs go by their rank in it,
 * so neither numbers of rows nor the time of day of the run enter here.
 *
 * @param people what each can do; person n is at n - 1
 * @param needs in the order of opening
 * @param offers by need, then by person
 * @param events in the order in which they happened
 * @param decisions how long each round took to decide and to write, on the clock on the wall
 * @param notices texts that asked nothing
 * @param readByPerson replies that no rule could read
 */
record Happened(
    List<Set<Skill>> people,
    List<Need> needs,
    List<Offer> offers,
    List<Event> events,
    List<Forecast> forecasts,
    List<Duration> decisions,
    int notices,
    int readByPerson) {

  /**
   * @param rank from 0
   * @param signalledAt when it was first said that it needs a human
   * @param filled places held in the end
   * @param state in the end, as the tables call it
   */
  record Need(
      int rank,
      Priority priority,
      int people,
      Set<Skill> skills,
      Point place,
      Instant openedAt,
      Instant fillBy,
      Instant endsAt,
      Optional<Instant> signalledAt,
      int filled,
      String state,
      Texts texts) {}

  /**
   * What was sent about a need to ask for it.
   *
   * @param handed offers that were handed to the carrier
   * @param lost of these, how many never arrived
   * @param stops after how many somebody wanted no more texts
   */
  record Texts(int handed, int lost, int stops) {
    static final Texts NONE = new Texts(0, 0, 0);

    Texts plus(Texts more) {
      return new Texts(handed + more.handed, lost + more.lost, stops + more.stops);
    }
  }

  /**
   * @param need by its rank
   * @param person from 1
   * @param rate how likely a yes was thought to be
   * @param willing whether they meant to say yes, even if they were stood down before they could
   * @param travel how long their way takes in truth
   * @param comes whether they come if they promise to
   */
  record Offer(
      int need,
      long person,
      Instant askedAt,
      Instant changedAt,
      Optional<Instant> answeredAt,
      State state,
      double rate,
      double km,
      boolean willing,
      Duration travel,
      boolean comes) {}

  /**
   * @param offer by its place in the list
   * @param what such as {@code assigned}, as the tables call it
   */
  record Event(int offer, Instant at, String what) {}

  /**
   * What was said of a need's chance to fill in time.
   *
   * @param atPress said before any text, to whoever approved so many
   */
  record Forecast(int need, Instant at, boolean atPress, double chance) {}

  /** A fingerprint of needs, offers and events, by which two runs can be compared. */
  String digest() {
    var digest = sha256();
    for (var need : needs) {
      add(digest, "need", need.rank, need.openedAt, need.state, need.filled);
    }
    for (var one : offers) {
      add(digest, "offer", one.need, one.person, one.askedAt, one.changedAt, one.state.word());
    }
    for (var event : events) {
      var offer = offers.get(event.offer);
      add(digest, "event", offer.need, offer.person, event.at, event.what);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void add(MessageDigest digest, Object... facts) {
    digest.update((List.of(facts) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
