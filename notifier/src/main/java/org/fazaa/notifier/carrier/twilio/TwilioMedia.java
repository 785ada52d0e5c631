package org.fazaa.notifier.carrier.twilio;

import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.fazaa.config.Settings;
import org.fazaa.notifier.carrier.Carrier.Fetched;

/**
 * Files that came with replies. Twilio's API names them and sends whoever asks with a key on to one
 * of its stores. Both hosts are known: what a reply names elsewhere is never called, and no store
 * is shown the key.
 */
final class TwilioMedia {
  static final String API = "api.twilio.com";

  /** The stores, each with the path below which all of it is Twilio's. */
  private static final Map<String, String> STORES =
      Map.of("mms.twiliocdn.com", "/", "s3-external-1.amazonaws.com", "/media.twiliocdn.com/");

  private static final Pattern RESOURCE =
      Pattern.compile("/2010-04-01/Accounts/\\w{1,40}/Messages/\\w{1,40}/Media/\\w{1,40}");

  private static final Set<Integer> MOVED = Set.of(301, 302, 303, 307, 308);
  private static final Duration WAIT = Duration.ofSeconds(30);
  private static final int GONE = 410;
  private static final String ELSEWHERE = "elsewhere";

  private final Settings.Twilio settings;
  private final WayOut out;
  private final String key;

  TwilioMedia(Settings.Twilio settings, WayOut out) {
    this.settings = settings;
    this.out = out;
    var written = settings.apiKey() + ":" + settings.apiSecret().value();
    key = "Basic " + Base64.getEncoder().encodeToString(written.getBytes(StandardCharsets.UTF_8));
  }

  /** Where the stores are: beside the API, when that is not the real one. */
  static Map<String, URI> hosts(URI baseUrl) {
    var hosts = new HashMap<String, URI>();
    hosts.put(API, baseUrl);
    boolean real = API.equals(baseUrl.getHost());
    for (var store : STORES.keySet()) {
      var base = baseUrl.toString().replaceAll("/+$", "");
      hosts.put(store, URI.create(real ? "https://" + store : base + "/" + store));
    }
    return hosts;
  }

  Fetched fetch(String url, int maxBytes) {
    try {
      var named = resource(url);
      if (named.isEmpty()) {
        return new Fetched.Gone(ELSEWHERE);
      }
      var answer = out.download(named.get(), Optional.of(key), maxBytes, WAIT).await();
      if (!MOVED.contains(answer.status())) {
        return fetched(answer);
      }
      var store = answer.location().flatMap(TwilioMedia::store);
      return store.isEmpty()
          ? new Fetched.Gone(ELSEWHERE)
          : fetched(out.download(store.get(), Optional.empty(), maxBytes, WAIT).await());
    } catch (Exception e) { // await throws whatever the network threw, undeclared
      return e instanceof WayOut.TooLarge
          ? new Fetched.Gone("too-large")
          : new Fetched.NotNow(e.getClass().getSimpleName());
    }
  }

  private static Fetched fetched(WayOut.Download answer) {
    return switch (answer.status()) {
      case 200 -> new Fetched.File(answer.type(), answer.bytes());
      case GONE -> new Fetched.Gone("gone");
      default -> new Fetched.NotNow("status " + answer.status());
    };
  }

  /** At the API under its real name or the one that it has here, and nothing else of it. */
  private Optional<URL> resource(String written) {
    return parsed(written)
        .filter(uri -> isAt(uri, settings.baseUrl()) || isAt(uri, URI.create("https://" + API)))
        .filter(uri -> uri.getRawQuery() == null && uri.getRawPath() != null)
        .filter(uri -> RESOURCE.matcher(uri.getRawPath()).matches())
        .flatMap(uri -> url("https://" + API + uri.getRawPath()));
  }

  private static boolean isAt(URI uri, URI base) {
    return base.getScheme().equals(uri.getScheme())
        && base.getHost().equals(uri.getHost())
        && base.getPort() == uri.getPort()
        && uri.getRawUserInfo() == null;
  }

  private static Optional<URL> store(String written) {
    return parsed(written)
        .filter(uri -> "https".equals(uri.getScheme()) && uri.getHost() != null)
        .filter(uri -> STORES.containsKey(uri.getHost()) && uri.getPort() == -1)
        .filter(uri -> uri.normalize().getRawPath().startsWith(STORES.get(uri.getHost())))
        .flatMap(uri -> url(uri.normalize().toString()));
  }

  private static Optional<URI> parsed(String written) {
    try {
      return Optional.of(URI.create(written));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<URL> url(String written) {
    try {
      return Optional.of(URI.create(written).toURL());
    } catch (MalformedURLException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
