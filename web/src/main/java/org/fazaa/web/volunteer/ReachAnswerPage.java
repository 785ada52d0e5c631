package org.fazaa.web.volunteer;

/** A drill message has arrived: to be confirmed, or just {@code pressed}. */
public record ReachAnswerPage(boolean pressed) {}
