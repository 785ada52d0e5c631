package org.fazaa.web.console;

import java.util.List;
import java.util.Optional;
import org.fazaa.web.Choice;
import org.fazaa.web.Form;

/** The form that asks for money, or changes what was asked. */
record RequestFormPage(
    Optional<Long> request,
    List<Choice> funds,
    List<Choice> payees,
    List<Choice> initiatives,
    TermsPage.UseChoices uses,
    Form form,
    List<String> flaws) {}
