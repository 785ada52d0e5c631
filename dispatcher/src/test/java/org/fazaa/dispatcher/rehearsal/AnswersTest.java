package org.fazaa.dispatcher.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.fazaa.dispatcher.rehearsal.Answers.Intent;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.reply.Meaning;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AnswersTest {

  @ParameterizedTest
  @EnumSource(Language.class)
  void whatPeopleWriteIsReadAsTheyMeanItOrByAPerson(Language language) {
    assertThat(meanings(Intent.YES, language))
        .contains(Meaning.YES)
        .isSubsetOf(Meaning.YES, Meaning.LATER, Meaning.ON_MY_WAY, Meaning.PERSON);
    assertThat(meanings(Intent.NO, language))
        .contains(Meaning.NO)
        .isSubsetOf(Meaning.NO, Meaning.LATER, Meaning.PERSON);
    assertThat(meanings(Intent.STOP, language)).containsOnly(Meaning.STOP);
    assertThat(meanings(Intent.UNCLEAR, language))
        .isSubsetOf(Meaning.PERSON, Meaning.WHO, Meaning.WHERE);
    // Who gives a place back may write what others write who never had one.
    assertThat(meanings(Intent.DROP, language)).isSubsetOf(Meaning.DROP, Meaning.NO);
  }

  private static Set<Meaning> meanings(Intent intent, Language language) {
    var answers = new Answers();
    var random = new SplittableRandom(1);
    var meanings = new TreeSet<Meaning>();
    for (int i = 0; i < 500; i++) {
      meanings.add(Meaning.read(answers.word(intent, language, "F7K2", random)).meaning());
    }
    return meanings;
  }
}
