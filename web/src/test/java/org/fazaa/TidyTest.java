package org.fazaa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.fazaa.Sources.Source;
import org.fazaa.Tidy.Breach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TidyTest {

  @Test
  void ourJavaKeepsTheHouseRules() {
    assertThat(Tidy.inJava(Sources.mainJava())).extracting(Breach::toString).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*/src/main/resources/**.sql",
        "*/src/main/**.jte",
        "*/src/main/**.css",
        "*/src/main/**.js",
        "*/src/test/java/**.java",
        "*.md",
        "{fazaa,.ci/run}",
      })
  void whatIsNotJavaKeepsThemToo(String files) {
    var breaches = Sources.matching(files).stream().flatMap(each -> Tidy.inLines(each).stream());

    assertThat(breaches).extracting(Breach::toString).isEmpty();
  }

  @Test
  void everyModuleIsRead() {
    assertThat(Sources.mainJava()).extracting(Source::module).containsAll(Sources.MODULES);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("planted")
  void aPlantedBreachIsFound(String file, String body, String reason) {
    var source = new Source(Path.of(file), body);
    var breaches = file.endsWith(".java") ? Tidy.inJava(List.of(source)) : Tidy.inLines(source);

    assertThat(breaches).extracting(Breach::why).singleElement().asString().contains(reason);
  }

  static Stream<Arguments> planted() {
    return Stream.of(
        inMethod("io.vertx.core.Future.succeededFuture().await(1, null);", "timeout(5, SECONDS)"),
        inMethod("io.vertx.core.Vertx.vertx().executeBlocking(() -> 1);", "false"),
        inMethod("io.vertx.core.Vertx.vertx().setPeriodic(1, id -> {});", "Loop.Work"),
        inMethod("Thread.sleep(1);", "Loop"),
        inMethod("System.out.println();", "log it"),
        inMethod("System.currentTimeMillis();", "take now"),
        inMethod("var t = java.time.Instant.now();", "take now"),
        inMethod("synchronized (this) {}", "lock the row"),
        inMethod("var sql = \"SELECT now()\";", "clock_timestamp()"),
        inMethod("var sql = \"select id from need\";", "upper case"),
        inMethod("var sql = \"SELECT id FROM fund.gift\";", "one module"),
        inMethod("\n".repeat(60), "at most 60"),
        inMethod("var s = \"%s of \" + \"%s\".formatted(1, 2);", "parentheses"),
        inMethod("// " + "a".repeat(100), "100 columns"),
        inMethod("// T" + "ODO later", "unfinished"),
        inMethod(
            "switch ((Outcome) null) { case Outcome.Full f -> {} default -> {} }",
            "name every case"),
        arguments("web/A.java", "class A { synchronized void run() {} }", "lock the row"),
        arguments("web/A.java", "class NeedService {}", "NeedService"),
        arguments("fund-ledger/A.java", "record Fee(double share) {}", "minor units"),
        arguments("fund-ledger/a.sql", "CREATE TABLE fee (share real);", "minor units"),
        arguments("notifier/a.sql", "create table text (id bigint);", "upper case"),
        arguments("notifier/a.sql", "CREATE TABLE a (at timestamptz DEFAULT now());", "argument"),
        arguments("dispatcher/a.sql", "REFERENCES notify.text (id)", "one module"),
        arguments("web/a.jte", "<button onclick=\"go()\">", "inline handlers"),
        arguments("web/a.jte", "<p style=\"color:red\">", "inline styles"),
        arguments("web/a.jte", "<script src=\"https://cdn.example/a.js\">", "vendor"),
        arguments("web/a.css", "p { margin-left: 1rem }", "both directions"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Awaits.latch.await(1, null);",
        "io.vertx.core.Future.succeededFuture().timeout(1, null).await();",
        "io.vertx.core.Vertx.vertx().executeBlocking(() -> 1, false);",
        "switch ((Object) null) { case Outcome.Full f -> {} default -> {} }",
        "var s = (\"%s of \" + \"%s\").formatted(1, 2);",
        "var prose = \"update the need, then save\";",
      })
  void whatOnlyLooksLikeABreachIsLeftAlone(String statement) {
    var source = new Source(Path.of("web/A.java"), (String) inMethod(statement, "").get()[1]);

    assertThat(Tidy.inJava(List.of(source))).isEmpty();
  }

  private static Arguments inMethod(String statement, String reason) {
    return arguments(
        "web/A.java",
        """
        class A {
          sealed interface Outcome {
            record Full() implements Outcome {}
          }
          void run() {
            %s
          }
        }
        class Awaits {
          static java.util.concurrent.CountDownLatch latch;
        }
        """
            .formatted(statement),
        reason);
  }
}
