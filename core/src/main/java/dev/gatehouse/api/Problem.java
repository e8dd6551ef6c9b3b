package dev.gatehouse.api;

/**
 * One thing wrong with a request, an element of {@code errors[]}.
 *
 * @param field wire name of the field or parameter, dotted when nested; empty if it is about the whole
 * @param code stable machine word
 * @param message one English sentence
 */
public record Problem(String field, String code, String message) {}
