package org.fazaa.notifier.carrier.twilio;

import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fazaa.config.Secret;
import org.fazaa.config.Settings;
import org.fazaa.notifier.carrier.standin.Manner;
import org.fazaa.notifier.carrier.standin.StandInOptions;
import org.fazaa.notifier.carrier.standin.TwilioStandIn;
import org.fazaa.notifier.carrier.standin.TwilioStandIn.Post;
import org.fazaa.notifier.reply.AnswerLink;

/**
 * The stand-in of the program at a fixed time, told how to answer, and carriers that lead to it.
 */
public final class ScriptedTwilio implements AutoCloseable {
  private static final String ACCOUNT = "AC" + "0".repeat(32);
  private static final String KEY = "SKkey";
  private static final Secret SECRET = new Secret("secret");
  private static final Secret TOKEN = new Secret("token");
  private static final int RATE = 40;
  private static final int CONNECTIONS = 40;
  public static final AnswerLink LINKS = new AnswerLink(new byte[32]);
  private static final Settings.Cost COST = new Settings.Cost(40, 1_000_000);

  private final TwilioStandIn standIn;

  /** What it takes stays queued. */
  public ScriptedTwilio(Vertx vertx, Instant now) {
    var options = new StandInOptions().still().clock(InstantSource.fixed(now));
    standIn = TwilioStandIn.start(vertx, options.account(ACCOUNT, KEY, SECRET, TOKEN));
  }

  /** From now on, for every POST. */
  public ScriptedTwilio always(Manner manner) {
    standIn.always(manner);
    return this;
  }

  /** For the next POST only. */
  public ScriptedTwilio once(Manner manner) {
    standIn.once(manner);
    return this;
  }

  public List<Post> posts() {
    return standIn.posts();
  }

  public long posts(long text) {
    var named = Long.toString(text);
    return posts().stream().filter(post -> post.message().equals(named)).count();
  }

  /** How often it was asked what it has. */
  public int lists() {
    return standIn.lists();
  }

  public URI url() {
    return standIn.url();
  }

  public TwilioCarrier carrier(Vertx vertx) {
    return carrier(vertx, settings("+15005550006", ""));
  }

  public TwilioCarrier carrier(Vertx vertx, Settings.Twilio settings) {
    var publicUrl = URI.create("https://fazaa.example");
    return new TwilioCarrier(vertx, settings, COST, publicUrl, LINKS);
  }

  /** One that takes silence for an answer sooner. */
  public TwilioCarrier impatientCarrier(Vertx vertx) {
    var publicUrl = URI.create("https://fazaa.example");
    var settings = settings("+15005550006", "");
    return new TwilioCarrier(vertx, settings, COST, publicUrl, LINKS, Duration.ofMillis(300));
  }

  public Settings.Twilio settings(String from, String service) {
    return new Settings.Twilio(
        ACCOUNT,
        KEY,
        SECRET,
        List.of(TOKEN),
        from,
        service,
        url(),
        RATE,
        CONNECTIONS,
        List.of(),
        Optional.empty(),
        Map.of(),
        Optional.empty());
  }

  /** The usual sender, and beside it one for WhatsApp and one for calls. */
  public Settings.Twilio everyWay(Map<String, String> templates) {
    var base = settings("+15005550006", "");
    return new Settings.Twilio(
        base.accountSid(),
        base.apiKey(),
        base.apiSecret(),
        base.authTokens(),
        base.from(),
        base.messagingServiceSid(),
        base.baseUrl(),
        base.rate(),
        base.connections(),
        base.senders(),
        Optional.of(new Settings.Twilio.Line("+14155238886", 0, 7)),
        templates,
        Optional.of(new Settings.Twilio.Line("+15005550007", 0, 90)));
  }

  public Settings.Twilio with(Settings.Twilio base, List<Settings.Twilio.Sender> senders) {
    return new Settings.Twilio(
        base.accountSid(),
        base.apiKey(),
        base.apiSecret(),
        base.authTokens(),
        base.from(),
        base.messagingServiceSid(),
        base.baseUrl(),
        base.rate(),
        base.connections(),
        senders,
        base.whatsapp(),
        base.templates(),
        base.voice());
  }

  @Override
  public void close() {
    standIn.close();
  }
}
