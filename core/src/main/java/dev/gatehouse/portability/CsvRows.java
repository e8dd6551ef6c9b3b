package dev.gatehouse.portability;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Problem;
import dev.gatehouse.engine.Json;
import dev.gatehouse.identity.PortableUsers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rows of CSV by the names of its header; an empty cell is no value. */
final class CsvRows implements Rows {
    private final CsvParser parser;
    private final Json json;
    private final List<String> columns;

    /** @param in buffered */
    CsvRows(InputStream in, Json json) throws IOException {
        this.parser = new CsvParser(in);
        this.json = json;
        this.columns = header(parser.next());
    }

    private static List<String> header(@Nullable List<byte[]> cells) {
        if (cells == null) {
            throw new ImportException("the file is empty: the first row names the columns");
        }
        List<String> columns = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (byte[] cell : cells) {
            String column = String.valueOf(CsvParser.text(cell));
            boolean known = !PortableUsers.LISTS.contains(column)
                    && (PortableUsers.MEMBERS.contains(column) || Csv.isPair(column));
            if (!known || !seen.add(column)) {
                String shown = column.length() > 80 ? column.substring(0, 80) + "…" : column;
                throw new ImportException("column '" + shown + "' is "
                        + (known ? "there twice" : "not known")
                        + (columns.isEmpty() && shown.matches(".*[;\t].*") ? "; cells are separated by commas" : ""));
            }
            columns.add(column);
        }
        if (!seen.contains("email")) {
            throw new ImportException("there is no column email");
        }
        return columns;
    }

    @Override
    public boolean skip() throws IOException {
        return parser.next() != null;
    }

    @Override
    public @Nullable Row next() throws IOException {
        List<byte[]> cells = parser.next();
        if (cells == null) {
            return null;
        }
        if (cells.size() != columns.size()) {
            return refused(
                    "",
                    "cells_differ",
                    "The row has " + cells.size() + " cells and the header " + columns.size() + ".");
        }
        ObjectNode row = (ObjectNode) json.tree(Map.of());
        ObjectNode pairs = (ObjectNode) json.tree(Map.of());
        for (int i = 0; i < cells.size(); i++) {
            String text = CsvParser.text(cells.get(i));
            if (text == null) {
                return refused(columns.get(i), "invalid_utf8", "The cell is not valid UTF-8.");
            }
            if (!text.isEmpty() && !put(row, pairs, columns.get(i), Csv.unguarded(text))) {
                return refused("metadata", "metadata_object_required", "Metadata must be a JSON object.");
            }
        }
        if (!pairs.isEmpty()) {
            ObjectNode metadata = row.withObject("/metadata");
            pairs.properties().forEach(pair -> metadata.set(pair.getKey(), pair.getValue()));
        }
        return new Row(parser.line(), row, parser.size(), null);
    }

    private boolean put(ObjectNode row, ObjectNode pairs, String column, String text) {
        Boolean truth = Csv.TRUTHS.get(text);
        if (column.equals("metadata")) {
            try {
                JsonNode metadata = json.readRequest(text.getBytes(StandardCharsets.UTF_8));
                row.set(column, metadata);
                return metadata.isObject();
            } catch (ApiException e) {
                return false;
            }
        }
        if (Csv.isPair(column)) {
            pairs.put(column.substring("metadata.".length()), text);
        } else if (column.equals("email_verified") && truth != null) {
            row.put(column, truth);
        } else {
            row.put(column, text);
        }
        return true;
    }

    private Row refused(String field, String code, String message) {
        return new Row(parser.line(), null, parser.size(), new Problem(field, code, message));
    }
}
