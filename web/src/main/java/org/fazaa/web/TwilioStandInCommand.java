package org.fazaa.web;

import java.net.BindException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.fazaa.config.Secret;
import org.fazaa.notifier.carrier.standin.Answers;
import org.fazaa.notifier.carrier.standin.Faults;
import org.fazaa.notifier.carrier.standin.StandInOptions;
import org.fazaa.notifier.carrier.standin.TwilioStandIn;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code ./fazaa twilio-stand-in}: Twilio's messages and calls on this machine, good or bad at
 * will.
 */
@Command(
    name = "twilio-stand-in",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Stands in for Twilio on this machine: takes messages over its API, posts signed statuses and"
          + " replies, goes wrong as often as it is told, and counts what it was really given."
          + " No text reaches a phone, and no other machine is called.",
      "يقوم مقام Twilio على هذا الجهاز: يستقبل الرسائل عبر واجهته، ويعيد حالات وردودًا موقّعة،"
          + " ويتعطل بالقدر الذي يُطلب، ويعدّ ما وصله فعلًا. لا تصل رسالة إلى هاتف."
    },
    footer = {
      "",
      "Faults, with commas between, each as share or share:wait:",
      "  of a POST       accept-then-cut cut accept-then-500 500 503 429:2s slow:14s silence"
          + " timeout",
      "                  (silence takes nothing, timeout takes the message; neither answers)",
      "  of statuses     undelivered lost-callbacks doubled-callbacks reversed-callbacks"
          + " late-callbacks:30s",
      "  of replies      lost-replies doubled-replies",
      "  of other ways   no-whatsapp no-answer busy",
      "",
      "While it runs, from this machine:",
      "  GET  /stand-in/report[?phones=true]   what it was given, what it did, what came doubled",
      "  GET  /stand-in/messages[?To=…]        the messages that it has",
      "  POST /stand-in/replies   {\"from\": \"+966500000001\", \"body\": \"yes\"}",
      "  POST /stand-in/replies   {\"from\": \"whatsapp:+966500000001\", \"button\": 1}",
      "  POST /stand-in/keys      {\"phone\": \"+966500000001\", \"keys\": \"91\"}",
      "  POST /stand-in/faults    {\"faults\": \"503=0.5\"}",
      "",
      "Exit codes: 0 stopped, 2 an option cannot be used or the port is taken."
    })
final class TwilioStandInCommand implements Callable<Integer> {
  private static final int UNUSABLE = 2;
  private static final int PORT_MAX = 65_535;
  private static final Pattern ACCOUNT = Pattern.compile("AC[0-9a-fA-F]{32}");

  @Spec private CommandSpec spec;

  @Option(
      names = "--port",
      defaultValue = "4010",
      paramLabel = "P",
      description = "where it listens; 0 for any free port (${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      paramLabel = "H",
      description = "on which address (${DEFAULT-VALUE})")
  private String host;

  @Option(
      names = "--faults",
      defaultValue = "",
      paramLabel = "LIST",
      description = "what goes wrong and how often: 503=0.1,slow=0.05:14s,… (nothing)")
  private String faults;

  @Option(
      names = "--answers",
      defaultValue = "",
      paramLabel = "LIST",
      description =
          "what people answer to a text that asks: yes=0.3,no=0.3,odd=0.05,stop=0.01; the rest stay"
              + " silent (everybody)")
  private String answers;

  @Option(
      names = "--typed",
      defaultValue = "0",
      paramLabel = "SHARE",
      description = "of those who have buttons, how many type all the same (${DEFAULT-VALUE})")
  private double typed;

  @Option(
      names = "--speed",
      defaultValue = "30",
      paramLabel = "X",
      description = "how many times faster than people they answer (${DEFAULT-VALUE})")
  private double speed;

  @Option(
      names = "--reply-url",
      paramLabel = "URL",
      description =
          "where what people write is posted, such as http://127.0.0.1:8080/twilio/replies")
  private Optional<URI> replyUrl;

  @Option(
      names = "--fallback-url",
      paramLabel = "URL",
      description = "asked once when the reply URL fails")
  private Optional<URI> fallbackUrl;

  @Option(
      names = "--rate",
      defaultValue = "0",
      paramLabel = "N",
      description = "segments per second that each sender lets out; 0 is without limit")
  private int rate;

  @Option(
      names = "--delivery",
      defaultValue = "300ms",
      paramLabel = "WAIT",
      description = "from taken to sent, and again to delivered (${DEFAULT-VALUE})")
  private String delivery;

  @Option(
      names = "--latency",
      defaultValue = "0",
      paramLabel = "WAIT",
      description = "before each answer: 50ms (none)")
  private String latency;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "S",
      description = "the same seed gives each phone the same fate (${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--sink",
      description = "takes everything and keeps nothing, as fast as it can: for benchmarks")
  private boolean sink;

  @Option(
      names = "--account",
      defaultValue = "AC00000000000000000000000000000000",
      paramLabel = "SID",
      description = "the account that it has")
  private String account;

  @Option(
      names = "--api-key",
      defaultValue = "SK00000000000000000000000000000000",
      paramLabel = "SID",
      description = "the key that may use it, besides the account with its token")
  private String apiKey;

  @Option(
      names = "--api-secret",
      defaultValue = "secret",
      paramLabel = "WORD",
      description = "the secret of that key (${DEFAULT-VALUE})")
  private String apiSecret;

  @Option(
      names = "--auth-token",
      defaultValue = "token",
      paramLabel = "WORD",
      description = "the token that its webhooks are signed with (${DEFAULT-VALUE})")
  private String authToken;

  @Option(
      names = "--sender",
      defaultValue = "+15005550006",
      paramLabel = "PHONE",
      description = "what a messaging service sends from (${DEFAULT-VALUE})")
  private String sender;

  @Option(
      names = "--segment-cost",
      defaultValue = "40",
      paramLabel = "N",
      description = "what a segment is reckoned to cost, in small coins (${DEFAULT-VALUE})")
  private int segmentCost;

  @Option(
      names = "--allow-remote",
      description = "webhooks may also go to other machines; without it never")
  private boolean allowRemote;

  /** An option that cannot be used, with why in both languages. */
  private static final class Unusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unusable(String option, String english, String arabic) {
      super(option + ": " + english + " · " + arabic);
    }
  }

  @Override
  public Integer call() throws Exception {
    var err = spec.commandLine().getErr();
    try {
      serve(options());
      return 0;
    } catch (Unusable e) {
      err.println(e.getMessage());
    } catch (BindException e) {
      err.println(
          "--port %d is taken: choose another · المنفذ %d مشغول: اختر غيره".formatted(port, port));
    }
    return UNUSABLE;
  }

  private StandInOptions options() {
    check(port >= 0 && port <= PORT_MAX, "--port", "from 0 to 65535", "من 0 إلى 65535");
    check(speed > 0, "--speed", "more than 0", "أكبر من 0");
    check(typed >= 0 && typed <= 1, "--typed", "from 0 to 1", "من 0 إلى 1");
    check(rate >= 0, "--rate", "0 or more", "0 أو أكثر");
    check(segmentCost >= 0, "--segment-cost", "0 or more", "0 أو أكثر");
    check(
        ACCOUNT.matcher(account).matches(),
        "--account",
        "AC and 32 hexadecimal digits",
        "‏AC ثم 32 رقمًا ست عشريًا");
    check(!authToken.isEmpty(), "--auth-token", "must not be empty", "يجب ألا يكون فارغًا");
    var options =
        new StandInOptions()
            .at(host, port)
            .account(account, apiKey, new Secret(apiSecret), new Secret(authToken))
            .sender(sender)
            .faults(read("--faults", faults, Faults::parse))
            .answers(read("--answers", answers, Answers::parse), speed)
            .typed(typed)
            .rate(rate)
            .segmentCost(segmentCost)
            .seed(seed)
            .delivery(waited("--delivery", delivery))
            .latency(waited("--latency", latency));
    replyUrl.ifPresent(url -> options.repliesTo(web("--reply-url", url)));
    fallbackUrl.ifPresent(url -> options.fallbackTo(web("--fallback-url", url)));
    if (sink) options.sink();
    if (allowRemote) options.allowRemote();
    return options;
  }

  private static void check(boolean fine, String option, String english, String arabic) {
    if (!fine) throw new Unusable(option, english, arabic);
  }

  private static <T> T read(String option, String written, Function<String, T> parse) {
    try {
      return parse.apply(written);
    } catch (Faults.Invalid e) {
      throw new Unusable(option, e.english(), e.arabic());
    }
  }

  private static Duration waited(String option, String written) {
    return read(option, written, Faults::length);
  }

  private static URI web(String option, URI url) {
    var web = url.getHost() != null && ("http".equals(url.getScheme()) || https(url));
    check(web, option, "write http://host:port/path", "اكتب http://host:port/path");
    return url;
  }

  private static boolean https(URI url) {
    return "https".equals(url.getScheme());
  }

  private void serve(StandInOptions options) throws Exception {
    var out = spec.commandLine().getOut();
    var standIn = TwilioStandIn.start(options);
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  standIn.close();
                  stopped.countDown();
                }));
    out.println("Twilio's stand-in is ready: " + standIn.url() + "/stand-in/report");
    standIn.settings().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(setting -> out.println("  " + setting.getKey() + "=" + setting.getValue()));
    out.flush();
    stopped.await();
  }
}
