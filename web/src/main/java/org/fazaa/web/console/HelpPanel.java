package org.fazaa.web.console;

import java.util.List;

/** What would help a need that wants a human: each with what it gives and a button that does it. */
record HelpPanel(String chance, List<Step> steps) {

  /**
   * @param pause whether the call-out must pause first
   * @param href where it is done
   */
  record Step(String says, String button, boolean pause, String href) {}
}
