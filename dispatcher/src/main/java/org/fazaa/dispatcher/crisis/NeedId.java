package org.fazaa.dispatcher.crisis;

/** The number of a need. */
public record NeedId(long value) {}
