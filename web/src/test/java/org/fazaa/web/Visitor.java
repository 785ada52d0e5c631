package org.fazaa.web;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.LoadState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Somebody at a browser, who also notes every dialog and every breach of the security policy. */
public final class Visitor {
  private static final int PATIENCE_MS = 30_000;

  private final BrowserContext context;
  private final Page page;
  private final String address;
  private final List<String> breaches = new ArrayList<>();

  Visitor(BrowserContext context, String address) {
    this.context = context;
    this.address = address;
    page = context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
    page.onDialog(
        dialog -> {
          breaches.add("dialog: " + dialog.message());
          dialog.dismiss();
        });
    page.onConsoleMessage(
        message -> {
          var said = message.text();
          if (said.contains("Content Security Policy")) breaches.add(page.url() + ": " + said);
        });
    page.onPageError(fault -> breaches.add(page.url() + ": " + fault));
  }

  List<String> breaches() {
    return breaches;
  }

  Page page() {
    return page;
  }

  Visitor open(String path) {
    page.navigate(address + path);
    return this;
  }

  Visitor signIn(String login, String password) {
    open("/sign-in");
    fill("login", login);
    fill("password", password);
    press("form[action='/sign-in'] button");
    return this;
  }

  Visitor fill(String field, String value) {
    page.fill("[name='" + field + "']", value);
    return this;
  }

  Visitor choose(String field, String value) {
    page.check("input[name='" + field + "'][value='" + value + "']");
    return this;
  }

  /** TakePress what sends a form or follows a link, and waits for the next page. */
  Visitor press(String what) {
    page.locator(what).first().click();
    page.waitForLoadState(LoadState.LOAD);
    return this;
  }

  Locator see(String what) {
    var seen = page.locator(what).first();
    PlaywrightAssertions.assertThat(seen).isVisible();
    return seen;
  }

  Visitor reads(String what, String text) {
    PlaywrightAssertions.assertThat(page.locator(what).first()).containsText(text);
    return this;
  }

  /** The last number in the address, which names what the page shows. */
  long number() {
    return Long.parseLong(page.url().replaceAll("[?#].*", "").replaceAll(".*/", ""));
  }

  Visitor keep(String name) {
    var options = new Page.ScreenshotOptions().setPath(Path.of("target", "pages", name + ".png"));
    page.screenshot(options);
    return this;
  }

  void close() {
    context.close();
  }
}
