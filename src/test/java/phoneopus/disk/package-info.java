/** A disk that notes what is written to it, and what a power cut may leave of it. */
package phoneopus.disk;
