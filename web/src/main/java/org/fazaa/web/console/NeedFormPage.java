package org.fazaa.web.console;

import java.util.List;
import java.util.Optional;
import org.fazaa.web.Choice;
import org.fazaa.web.Form;

/** The form that adds a need, or edits one while it runs. */
record NeedFormPage(
    long crisis,
    String crisisName,
    boolean drill,
    Optional<Long> need,
    Form form,
    List<Choice> skills,
    List<Choice> languages,
    List<Town> towns,
    List<String> flaws) {

  static final List<String> PRIORITIES = List.of("life", "urgent", "planned");
}
