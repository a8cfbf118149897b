# Online Boutique's back end on Google Cloud, from the rows of triggers/.

module "manifest" {
  source = "../modules/manifest"
}
