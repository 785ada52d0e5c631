package org.fazaa.dispatcher.crisis;

/** The number of a crisis. */
public record CrisisId(long value) {}
