package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.fazaa.web.console.ConsoleSamples;
import org.fazaa.web.donor.DonorSamples;
import org.fazaa.web.volunteer.VolunteerSamples;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every page drawn with a busy afternoon's content; the drawings are kept in target/pages to look
 * at.
 */
class PagesTest {
  private static final Instant NOW = Instant.parse("2026-11-22T13:45:00Z");
  private static final Assets ASSETS = new Assets();
  private static final Path DRAWN = Path.of("target", "pages");
  private static final int FIRST_VISIT = 100 * 1024;
  private static final int ACTION = 10 * 1024;

  /** Nobody comes to this one first: it is the second screen of launching a crisis. */
  private static final String WITH_A_MAP = "console/launch#2";

  @ParameterizedTest
  @ValueSource(strings = {"ar", "en"})
  void everyPageIsDrawnAndLight(String language) throws IOException {
    for (var page : drawn(language).entrySet()) {
      assertThat(gzipped(page.getValue().getBytes(StandardCharsets.UTF_8)))
          .as(page.getKey())
          .isLessThan(ACTION);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar", "en"})
  void aFirstVisitIsAtMostAHundredKilobytes(String language) throws IOException {
    for (var page : drawn(language).entrySet()) {
      if (page.getKey().equals(WITH_A_MAP)) continue;
      var weight = gzipped(page.getValue().getBytes(StandardCharsets.UTF_8));
      for (var asset : Set.copyOf(assetsOf(page.getValue()))) {
        var file = ASSETS.find(asset).orElseThrow(() -> new AssertionError(asset));
        weight += file.type().equals("font/woff2") ? 0 : gzipped(file.bytes());
      }
      if (page.getValue().contains("fazaa~")) {
        for (var font : Assets.FONTS) {
          weight += ASSETS.find(ASSETS.path(font).substring(8)).orElseThrow().bytes().length;
        }
      }
      assertThat(weight).as(page.getKey()).isLessThan(FIRST_VISIT);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar", "en"})
  void everyFormThatPostsCarriesItsTokens(String language) {
    for (var page : drawn(language).entrySet()) {
      var forms =
          Pattern.compile("<form method=\"post\".*?</form>", Pattern.DOTALL)
              .matcher(page.getValue());
      while (forms.find()) {
        assertThat(forms.group())
            .as(page.getKey())
            .contains("name=\"csrf\" value=\"csrf\"")
            .contains("name=\"once\" value=\"once-");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar", "en"})
  void noPageAsksTheSecurityPolicyForAnException(String language) {
    for (var page : drawn(language).entrySet()) {
      assertThat(page.getValue())
          .as(page.getKey())
          .doesNotContainPattern("\\son[a-z]+=")
          .doesNotContainPattern("\\sstyle=")
          .doesNotContain("<style", "javascript:", "hx-on")
          .doesNotContainPattern("<script(?! src)");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar", "en"})
  void noPageHasAWordMissing(String language) {
    for (var page : drawn(language).entrySet()) {
      assertThat(page.getValue())
          .as(page.getKey())
          .doesNotContainPattern(">\\?[A-Z_]+<")
          .doesNotContain("{0}<");
    }
  }

  private static Map<String, String> drawn(String language) {
    var ar = language.equals("ar");
    var pages = new LinkedHashMap<String, Object>();
    pages.putAll(ConsoleSamples.all(ar, NOW));
    pages.putAll(VolunteerSamples.all(ar, NOW));
    pages.putAll(DonorSamples.all(ar, NOW));
    var drawn = new LinkedHashMap<String, String>();
    pages.forEach(
        (name, page) -> {
          var html = Pages.draw(name.replaceAll("#.*", ""), frame(language, name), page);
          drawn.put(name, html);
          keep(name.replaceAll("[/#]", "-") + "-" + language + ".html", html);
        });
    return drawn;
  }

  private static Frame frame(String language, String page) {
    var count = new int[1];
    var staff = page.startsWith("console") && !page.equals("console/signIn");
    var viewer =
        new Frame.Viewer(
            language.equals("ar") ? "نورة السبيعي" : "Noura Al-Subaie", Set.of("admin"));
    return new Frame(
        Wording.of(language),
        ASSETS,
        page.contains("inbox") ? "/inbox" : "/crises/1",
        staff ? Optional.of(viewer) : Optional.empty(),
        "csrf",
        () -> "once-" + count[0]++,
        ZoneId.of("Asia/Riyadh"),
        NOW,
        3,
        Optional.empty(),
        true);
  }

  private static Set<String> assetsOf(String html) {
    var found = new java.util.HashSet<String>();
    var links = Pattern.compile("/assets/([^\"]+)").matcher(html);
    while (links.find()) {
      found.add(links.group(1));
    }
    return found;
  }

  private static int gzipped(byte[] bytes) throws IOException {
    var zipped = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(zipped)) {
      gzip.write(bytes);
    }
    return zipped.size();
  }

  private static void keep(String name, String html) {
    try {
      Files.createDirectories(DRAWN);
      Files.writeString(DRAWN.resolve(name), html);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
