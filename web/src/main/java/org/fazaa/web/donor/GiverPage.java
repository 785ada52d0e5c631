package org.fazaa.web.donor;

import java.util.Optional;

/**
 * A giver shows that the phone of their gifts is theirs: it is asked for, then the code that came.
 *
 * @param asksForCode whether a code may be on its way
 * @param flaw why what was sent did not do
 */
record GiverPage(boolean asksForCode, Optional<Flaw> flaw) {

  record Flaw(String title, String what) {}
}
