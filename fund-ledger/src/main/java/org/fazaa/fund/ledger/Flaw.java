package org.fazaa.fund.ledger;

/** What is wrong with one field of an input, and how to mend it. */
public record Flaw(String field, Words words) {}
