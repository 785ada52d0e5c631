package org.fazaa.web;

import java.net.BindException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.fazaa.config.Secret;
import org.fazaa.fund.giving.provider.standin.PaymentOptions;
import org.fazaa.fund.giving.provider.standin.PaymentsStandIn;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./fazaa payments-stand-in}: a card provider on this machine; no card and no money. */
@Command(
    name = "payments-stand-in",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Stands in for a card provider on this machine: a page on which a card is paid, declined or"
          + " left, events that come doubled, late and in any order, refunds and disputes."
          + " No card is asked for and no other machine is called.",
      "يقوم مقام مزود دفع على هذا الجهاز: صفحة يُدفع فيها أو يُرفض أو تُترك، وأحداث مكررة ومتأخرة"
          + " وبأي ترتيب، وإعادة واعتراض. لا تُطلب بطاقة ولا يوجد مال."
    },
    footer = {
      "",
      "While it runs, from this machine:",
      "  GET  /stand-in/payments                the payments that it has",
      "  POST /stand-in/choices   {\"payment\": \"pay-…\", \"choice\": \"paid\"}",
      "  POST /stand-in/amounts   {\"payment\": \"pay-…\", \"minor\": 1999}",
      "  POST /stand-in/expiries  {\"payment\": \"pay-…\"}",
      "  POST /stand-in/disputes  {\"payment\": \"pay-…\"}",
      "",
      "Exit codes: 0 stopped, 2 an option cannot be used or the port is taken."
    })
final class PaymentsStandInCommand implements Callable<Integer> {
  private static final int UNUSABLE = 2;
  private static final int PERCENT = 100;
  private static final int PORT_MAX = 65_535;
  private static final long LATE_MAX = 86_400;

  @Spec private CommandSpec spec;

  @Option(
      names = "--port",
      defaultValue = "4020",
      paramLabel = "P",
      description = "where it listens; 0 for any free port (${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = "--manner",
      defaultValue = "stripe",
      paramLabel = "M",
      description = "stripe or moyasar (${DEFAULT-VALUE})")
  private String manner;

  @Option(
      names = "--events-url",
      paramLabel = "URL",
      description = "where events are posted, such as http://127.0.0.1:8080/payments/events")
  private Optional<URI> eventsUrl;

  @Option(
      names = "--doubled",
      defaultValue = "20",
      paramLabel = "PERCENT",
      description = "of events that come twice (${DEFAULT-VALUE})")
  private int doubled;

  @Option(
      names = "--lost",
      defaultValue = "0",
      paramLabel = "PERCENT",
      description = "of events that never come (${DEFAULT-VALUE})")
  private int lost;

  @Option(
      names = "--late",
      defaultValue = "2",
      paramLabel = "SECONDS",
      description = "an event comes after any wait up to this (${DEFAULT-VALUE})")
  private long late;

  @Option(
      names = "--key",
      defaultValue = "sk_test_stand_in",
      paramLabel = "WORD",
      description = "the key of its API (${DEFAULT-VALUE})")
  private String key;

  @Option(
      names = "--webhook-secret",
      defaultValue = "whsec_stand_in",
      paramLabel = "WORD",
      description = "signs its events, or comes with them (${DEFAULT-VALUE})")
  private String webhookSecret;

  /** What cannot be used, in both languages; empty when all can. */
  private Optional<String> mistake() {
    if (port < 0 || port > PORT_MAX) return said("--port", "from 0 to 65535", "من 0 إلى 65535");
    if (!List.of("stripe", "moyasar").contains(manner)) {
      return said("--manner", "stripe or moyasar", "‏stripe أو moyasar");
    }
    for (var share : Map.of("--doubled", doubled, "--lost", lost).entrySet()) {
      if (share.getValue() < 0 || share.getValue() > PERCENT) {
        return said(share.getKey(), "from 0 to 100", "من 0 إلى 100");
      }
    }
    if (late < 0 || late > LATE_MAX) {
      return said("--late", "from 0 to 86400 seconds", "من 0 إلى 86400 ثانية");
    }
    if (eventsUrl.isPresent() && !isHere(eventsUrl.get())) {
      return said(
          "--events-url",
          "write http://127.0.0.1:port/payments/events",
          "اكتب http://127.0.0.1:port/payments/events");
    }
    return Optional.empty();
  }

  private static boolean isHere(URI url) {
    return "http".equals(url.getScheme())
        && List.of("127.0.0.1", "localhost").contains(String.valueOf(url.getHost()));
  }

  private static Optional<String> said(String option, String english, String arabic) {
    return Optional.of(option + ": " + english + " · " + arabic);
  }

  @Override
  public Integer call() throws Exception {
    var err = spec.commandLine().getErr();
    var mistake = mistake();
    if (mistake.isPresent()) {
      err.println(mistake.get());
      return UNUSABLE;
    }
    try {
      serve();
      return 0;
    } catch (BindException e) {
      err.println(
          "--port %d is taken: choose another · المنفذ %d مشغول: اختر غيره".formatted(port, port));
      return UNUSABLE;
    }
  }

  private void serve() throws Exception {
    var out = spec.commandLine().getOut();
    var standIn =
        PaymentsStandIn.start(
            new PaymentOptions(
                "127.0.0.1",
                port,
                manner,
                new Secret(key),
                new Secret(webhookSecret),
                eventsUrl,
                doubled,
                lost,
                Duration.ofSeconds(late),
                1,
                InstantSource.system()));
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  standIn.close();
                  stopped.countDown();
                }));
    out.println("The card provider's stand-in is ready: " + standIn.url() + "/stand-in/payments");
    standIn.settings().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(setting -> out.println("  " + setting.getKey() + "=" + setting.getValue()));
    out.flush();
    stopped.await();
  }
}
