package org.fazaa.fund.ledger;

/**
 * The public figures of a fund, each on its own and never merged. All but the last two are sums of
 * the journal; what is delivered is the partners' claim, and what is pledged has not come.
 *
 * @param received all that has come
 * @param settling received, not yet free to spend
 * @param banked of what was received, seen on the bank's statement
 * @param available free to spend
 * @param reserved set aside for approved requests
 * @param paid ordered to be paid to partners
 * @param confirmed of what was paid, seen to leave on the bank's statement
 * @param delivered of what was paid, reported to have reached people
 * @param pledged promised transfers that have not come
 */
public record Figures(
    Money received,
    Money settling,
    Money banked,
    Money available,
    Money reserved,
    Money paid,
    Money confirmed,
    Money delivered,
    Money pledged) {}
