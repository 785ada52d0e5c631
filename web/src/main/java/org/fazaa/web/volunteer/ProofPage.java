package org.fazaa.web.volunteer;

import java.util.Optional;

/**
 * Showing that a phone is one's own: it is asked for, then the code that came to it.
 *
 * @param asksForCode whether a code may be on its way
 * @param flaw why what was sent did not do
 */
record ProofPage(boolean asksForCode, Optional<Flaw> flaw) {

  record Flaw(String title, String what) {}
}
