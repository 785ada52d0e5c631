package org.fazaa.web;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Debian's Chromium. Where it is missing, the tests that need it say so and are skipped. */
public final class Chromium implements ExecutionCondition, AfterAllCallback, AfterEachCallback {
  private static final Path WHERE = Path.of("/usr/bin/chromium");

  private final List<Visitor> visitors = new ArrayList<>();
  private Playwright playwright;
  private Browser browser;

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return Files.isExecutable(WHERE)
        ? ConditionEvaluationResult.enabled("Chromium is there")
        : ConditionEvaluationResult.disabled("no " + WHERE + ": apt-get install chromium");
  }

  /** Somebody with a browser of their own, in this language. */
  public Visitor visitor(Program program, String language) {
    return visitor(program, language, true);
  }

  public Visitor visitor(Program program, String language, boolean javaScript) {
    var options =
        new Browser.NewContextOptions()
            .setLocale(language.equals("ar") ? "ar-SA" : "en-GB")
            .setViewportSize(1280, 900)
            .setJavaScriptEnabled(javaScript);
    var visitor = new Visitor(browser().newContext(options), program.address().toString());
    visitors.add(visitor);
    return visitor;
  }

  /** Somebody of staff, in this role and with an account of their own. */
  public Visitor signedIn(Program program, String role, String language, boolean javaScript) {
    var login = program.login(role, language);
    return visitor(program, language, javaScript).signIn(login, Program.PASSWORD);
  }

  private Browser browser() {
    if (browser == null) {
      var quiet = Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
      playwright = Playwright.create(new Playwright.CreateOptions().setEnv(quiet));
      var options = new BrowserType.LaunchOptions().setExecutablePath(WHERE);
      browser = playwright.chromium().launch(options.setArgs(List.of("--no-sandbox")));
    }
    return browser;
  }

  /** Whatever a test is about: no page may run what it should not. */
  @Override
  public void afterEach(ExtensionContext context) {
    visitors.forEach(Visitor::close);
    var breaches = visitors.stream().flatMap(visitor -> visitor.breaches().stream()).toList();
    visitors.clear();
    if (!breaches.isEmpty()) throw new AssertionError(String.join("\n", breaches));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (playwright != null) playwright.close();
  }
}
