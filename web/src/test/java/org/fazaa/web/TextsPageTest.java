package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.fazaa.notifier.Language;
import org.fazaa.notifier.Texts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Staff read what we write before it is sent: each text, in each language, with its price. */
class TextsPageTest {

  @RegisterExtension static final Program program = Program.start();
  @RegisterExtension static final Chromium chromium = new Chromium();

  @Test
  void everyTextIsThereInEveryLanguage() {
    var html = program.as("coordinator").get("/texts").text();
    for (var name : Texts.readAll()) assertThat(html).contains("id=\"text-" + name + "\"");
    for (var language : Language.values()) {
      var bubble = "<div class=\"bubble ours\" lang=\"" + language.tag() + "\"";
      assertThat(html.split(bubble, -1)).hasSize(Texts.readAll().size() + 1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1   | نحتاج شخصًا.      | 1 person needed.    | ایک شخص درکار
          2   | نحتاج شخصين.      | 2 people needed.    | 2 افراد درکار
          11  | نحتاج 11 شخصًا.   | 11 people needed.   | 11 افراد درکار
          100 | نحتاج 100 شخص.    | 100 people needed.  | 100 افراد درکار
          """)
  void aCountIsSeenInItsForm(String count, String ar, String en, String ur) {
    assertThat(program.as("manager").get("/texts?count=" + count).text()).contains(ar, en, ur);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ten", "-1", "1.5", "99999999999"})
  void aCountThatIsNoNumberIsRefused(String count) {
    assertThat(program.as("coordinator").get("/texts?count=" + count).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar", "en"})
  void aCoordinatorReadsItInTheirLanguage(String language) {
    var coordinator = chromium.signedIn(program, "coordinator", language, true);

    coordinator.open("/volunteers").press("a[href='/texts']").press("a[href='/texts?count=2']");

    coordinator.reads("#text-offer [lang=ar]", "نحتاج شخصين");
    coordinator.reads("#text-offer small", language.equals("ar") ? "جزءان" : "2 parts");
    assertThat(coordinator.see("#text-offer [lang=ur]").getAttribute("dir")).isEqualTo("rtl");
    assertThat(coordinator.see("#text-offer [lang=en]").getAttribute("dir")).isEqualTo("ltr");
    coordinator.keep("texts-" + language);
  }

  @ParameterizedTest
  @ValueSource(strings = {"finance", "auditor"})
  void whoeverDoesNotCallPeopleDoesNotReadIt(String role) {
    assertThat(program.as(role).get("/texts").status()).isEqualTo(403);
  }
}
