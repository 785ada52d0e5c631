package org.fazaa.web.donor;

import java.util.List;
import org.fazaa.web.Choice;
import org.fazaa.web.Form;

/** The form of a gift. */
record GivePage(
    long fund,
    String fundName,
    String purpose,
    String currency,
    boolean demonstration,
    List<String> amounts,
    List<Choice> channels,
    List<Choice> often,
    Form form,
    List<String> flaws) {}
