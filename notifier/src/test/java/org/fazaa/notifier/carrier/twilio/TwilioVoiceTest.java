package org.fazaa.notifier.carrier.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.carrier.twilio.TwilioVoice.Question;
import org.fazaa.notifier.reply.TakePress.Press;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class TwilioVoiceTest {

  @ParameterizedTest
  @CsvSource({"AR, arb, Polly.Zeina, اضغط واحد", "EN, en-GB, Polly.Amy, Press 1 for yes"})
  void a_call_asks_twice_for_one_key_in_the_voice_of_its_language(
      Language language, String tag, String voice, String keys) throws Exception {
    var response =
        read(TwilioVoice.ask(new Question("offer", "Fish & <chips>?", language), "x/keys"));

    assertThat(names(response)).containsExactly("Gather", "Gather", "Say");
    var first = child(response, 0);
    assertThat(first.getAttribute("numDigits")).isEqualTo("1");
    assertThat(first.getAttribute("input")).isEqualTo("dtmf");
    assertThat(first.getAttribute("action")).isEqualTo("x/keys");
    assertThat(child(first, 0).getTextContent()).isEqualTo("Fish & <chips>?");
    assertThat(child(first, 1).getTextContent()).contains(keys);
    assertThat(child(child(response, 1), 0).getTextContent()).contains(keys);
    for (var say : List.of(child(first, 0), child(first, 1), child(response, 2))) {
      assertThat(say.getAttribute("language")).isEqualTo(tag);
      assertThat(say.getAttribute("voice")).isEqualTo(voice);
    }
  }

  @ParameterizedTest
  @EnumSource(Press.class)
  void what_was_heard_is_said_and_the_call_ends(Press press) throws Exception {
    for (var language : Language.values()) {
      var response = read(TwilioVoice.heard(press, new Question("offer", "?", language)));
      assertThat(names(response)).containsExactly("Say");
      assertThat(response.getTextContent()).isNotBlank();
    }
  }

  @Test
  void whom_it_does_not_know_it_tells_so_in_both_languages() throws Exception {
    var response = read(TwilioVoice.notKnown());
    assertThat(names(response)).containsExactly("Say", "Say");
    assertThat(response.getTextContent()).contains("not known").contains("غير معروفة");
  }

  private static Element read(String xml) throws Exception {
    var builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    return builder.parse(new InputSource(new StringReader(xml))).getDocumentElement();
  }

  private static List<String> names(Element parent) {
    var names = new ArrayList<String>();
    for (var node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      names.add(node.getNodeName());
    }
    return names;
  }

  private static Element child(Element parent, int index) {
    return (Element) parent.getChildNodes().item(index);
  }
}
