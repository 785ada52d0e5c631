package org.fazaa.web.console;

import java.util.List;
import java.util.Optional;
import org.fazaa.web.Choice;
import org.fazaa.web.Form;

/** Which skills of one volunteer are proven, and the form that puts another proof on file. */
record ProofsPart(long volunteer, String name, List<Row> rows, List<Choice> skills, Form form) {

  /**
   * @param until the last day, where there is one
   */
  record Row(String skill, Optional<String> until, boolean lapsed, String proof) {}
}
