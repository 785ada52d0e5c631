package org.fazaa.notifier.carrier.standin;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.fazaa.config.Secret;

/** How a stand-in behaves; what is not said is as usual: nothing goes wrong, nobody answers. */
public final class StandInOptions {
  String host = "127.0.0.1";
  int port;
  String account = "AC" + "0".repeat(32);
  String apiKey = "SK" + "0".repeat(32);
  Secret apiSecret = new Secret("secret");
  Secret authToken = new Secret("token");
  String sender = "+15005550006";
  Faults faults = Faults.NONE;
  Answers answers = Answers.NONE;
  double speed = 1;
  double typed;
  Optional<URI> replyUrl = Optional.empty();
  Optional<URI> fallbackUrl = Optional.empty();
  int rate;
  int segmentCost = 40;
  long seed = 1;
  Optional<Duration> delivery = Optional.of(Duration.ofMillis(300));
  Duration latency = Duration.ZERO;
  boolean sink;
  boolean allowRemote;
  InstantSource clock = InstantSource.system();

  /** Where it listens; port 0 is any free one. */
  public StandInOptions at(String host, int port) {
    this.host = host;
    this.port = port;
    return this;
  }

  /** Whom it takes messages from, and the token that its webhooks are signed with. */
  public StandInOptions account(String sid, String apiKey, Secret apiSecret, Secret authToken) {
    this.account = sid;
    this.apiKey = apiKey;
    this.apiSecret = apiSecret;
    this.authToken = authToken;
    return this;
  }

  /** The number that a messaging service sends from, and that people answer when in doubt. */
  public StandInOptions sender(String sender) {
    this.sender = sender;
    return this;
  }

  public StandInOptions faults(Faults faults) {
    this.faults = faults;
    return this;
  }

  /**
   * @param speed how many times faster than people
   */
  public StandInOptions answers(Answers answers, double speed) {
    this.answers = answers;
    this.speed = speed;
    return this;
  }

  /**
   * Whoever is asked by buttons presses one, and whoever is called presses a key.
   *
   * @param share of those with buttons who type their answer all the same
   */
  public StandInOptions typed(double share) {
    this.typed = share;
    return this;
  }

  /** Where what people write is posted. */
  public StandInOptions repliesTo(URI url) {
    this.replyUrl = Optional.of(url);
    return this;
  }

  /** Asked once when the first address fails. */
  public StandInOptions fallbackTo(URI url) {
    this.fallbackUrl = Optional.of(url);
    return this;
  }

  /**
   * @param segmentsPerSecond that each sender lets out; 0 is without limit
   */
  public StandInOptions rate(int segmentsPerSecond) {
    this.rate = segmentsPerSecond;
    return this;
  }

  /** What a segment is reckoned to cost, in the smallest unit of whatever money. */
  public StandInOptions segmentCost(int minor) {
    this.segmentCost = minor;
    return this;
  }

  /** The same seed gives each phone the same fate. */
  public StandInOptions seed(long seed) {
    this.seed = seed;
    return this;
  }

  /** How long from taken to sent, and again from sent to delivered. */
  public StandInOptions delivery(Duration step) {
    this.delivery = Optional.of(step);
    return this;
  }

  /** Messages stay queued until they are moved by hand. */
  public StandInOptions still() {
    this.delivery = Optional.empty();
    return this;
  }

  /** Before each answer. */
  public StandInOptions latency(Duration latency) {
    this.latency = latency;
    return this;
  }

  /** Takes everything, keeps nothing: as fast as it can. */
  public StandInOptions sink() {
    this.sink = true;
    return this;
  }

  /** Webhooks may go to other machines than this one. */
  public StandInOptions allowRemote() {
    this.allowRemote = true;
    return this;
  }

  public StandInOptions clock(InstantSource clock) {
    this.clock = clock;
    return this;
  }
}
