/** The languages of the editor whose files Tapedeck runs. */
export const LANGUAGES = ['typescript', 'javascript'];
