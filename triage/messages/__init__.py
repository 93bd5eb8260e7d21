"""Every code that a person may see and its English sentence; ru and kk are in translations/.

One module a subject; each has plain dictionaries from code to sentence. A placeholder is
written ``{limit}`` and is filled from the facts of the error or the finding.
"""
