package org.fazaa.dispatcher.people;

/** What is wrong with one field and how to mend it, in English and Arabic. */
public record Flaw(String field, String en, String ar) {}
